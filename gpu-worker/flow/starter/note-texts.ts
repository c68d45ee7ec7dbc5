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

/** What to look for in the notes: the question as it stands. */
export const recallQuery = (question: string): string => question.trim().replace(/\s+/g, ' ');
