export * from './schema-people.ts';
export * from './schema-policies.ts';
export * from './schema-questions.ts';
export * from './schema-service.ts';
