import type { Entity } from '../agents.ts';

/** Said before a fact that is to be kept. */
const lead = new RegExp(
  '^(?:(?:hey|hi|hello|ok|okay|so|well|and|also|please|kindly|foursight|bot|assistant)[,!:.]?\\s+)*' +
    "(?:(?:can|could|would|will) you\\s+(?:please\\s+)?|i (?:want|would like|need) you to\\s+|i'd like you to\\s+|let's\\s+|please\\s+)?" +
    '(?:remember|keep in mind|bear in mind|(?:make|take|add|leave|save) (?:a |yourself a )?note(?: of this| of the fact| for me| to self)?|note(?: down)?|' +
    "write down|jot down|put down|mark down|don't forget|do not forget|never forget|save|store|memori[sz]e|record|log|fyi|for the record|for your information|for later|" +
    'note to self|new note|memo|learn|here is something to remember|remind me later|you should know|please know|keep|hold on to)' +
    '(?:\\s+(?:this|the following|it))?(?:\\s+(?:note|fact|information|info|in your notes|down|for me|for later|for us|for the team))*\\s*[:,.-]?\\s*(?:that\\s+|the fact that\\s+|of\\s+)?',
  'iu',
);
/** Said behind a fact. */
const tail =
  /(?:[,.!]?\s*(?:please|thanks|thank you|thx|ok|okay|remember (?:that|this|it)|don't forget(?: it| that| this)?|(?:please )?(?:note|keep|save|store) (?:that|this|it)(?: down| for me| for later)?|for me|for later))+\s*[.!?]*\s*$/iu;

/** The fact in a request to remember; the whole text when no lead-in is recognised. */
export function rememberedText(question: string): string {
  const text = question.trim().replace(/\s+/g, ' ');
  const bare = text.replace(lead, '').replace(tail, '').trim();
  return bare.length >= 3 ? bare : text;
}

/** Words of a calculation with what is recalled. */
const operations =
  /\b(?:times|multipl(?:y|ied)(?: by)?|divided?(?: by)?|plus|minus|add(?:ed)?|subtract(?:ed)?|double|twice|triple|half|percent|converted?)\b|[%*/+]/giu;

/**
 * What to look for in the notes: the question, and without its numbers where it goes on to calculate with the note.
 * @param entities what the analysis found in the question
 */
export function recallQuery(question: string, entities: readonly Entity[]): string {
  let text = question;
  if (question.search(operations) >= 0)
    for (const { kind, start, end } of entities.toReversed())
      if (kind === 'number' || kind === 'expression') text = text.slice(0, start) + text.slice(end);
  const query = text.replace(operations, ' ').trim().replace(/\s+/g, ' ');
  return /\p{L}/u.test(query) ? query : question.trim();
}
