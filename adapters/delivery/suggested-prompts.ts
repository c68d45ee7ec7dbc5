/** What people who open the assistant may ask with one click; the manifest has the same. */
export const suggestedPrompts = [
  { title: 'Work something out', message: 'What is 15 % of 2,480, and what is left?' },
  { title: 'Count the days', message: 'How many working days are there until the end of next month?' },
  { title: 'Convert a time', message: 'When it is 9:30 in Vienna, what time is it in New York?' },
  { title: 'Remember something', message: 'Remember that our release day is Thursday.' },
] as const;
