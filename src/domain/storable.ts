/** Text as Postgres takes it: without NUL, and halves of surrogate pairs replaced. */
export const storable = (text: string): string => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd');
