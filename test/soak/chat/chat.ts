/** What people do with an answer: put a reaction under it, take it away, or press one of the buttons to rate it. */
export type Act =
  | { readonly does: 'react' | 'unreact'; readonly vote: 'up' | 'down'; readonly tone: number }
  | { readonly does: 'press'; readonly vote: 'up' | 'down' };

/** A fake chat platform with the service on it, and people who act there, as a soak sees it. */
export interface SoakChat<Message = unknown, Person = unknown, Place = unknown> {
  readonly platform: string;
  /** Tones (and other names) in which a thumb can be shown. */
  readonly tones: number;
  /** What the service is started with to find it. */
  readonly environment: Readonly<Record<string, string>>;
  addPerson(name: string): Person;
  addPlace(name: string, index: number, members: readonly Person[]): Place;
  /** The direct messages of a person and the bot. */
  directPlace(person: Person): Place;
  /** Resolves once the service can be told something. */
  connected(): Promise<void>;
  /** Whether calls fail now and then, and what is told comes twice or never. */
  setFaults(on: boolean): void;

  /**
   * Resolves when it is said, which may have to wait until the conversation has a place to go on in.
   * @param root the message whose conversation goes on; undefined: a new one
   */
  say(
    place: Place,
    person: Person,
    text: string,
    how: { readonly hasMention: boolean; readonly root?: Message },
  ): Promise<Message>;
  /** @returns false when the person is shown that it failed */
  act(answer: Message, person: Person, act: Act): Promise<boolean>;

  /** Foursight's keys. */
  keyOf(message: Message): string;
  personKeyOf(person: Person): string;
  textOf(message: Message): string;
  /** Of the messages that are there, those with the buttons to rate an answer. */
  answers(): readonly Message[];
  /** Those who may rate it: in direct messages one alone. */
  readersOf(answer: Message, people: readonly Person[]): readonly Person[];
  /** What the bot has said, for all to see, in the conversation that a message began; not its thanks. */
  saidIn(root: Message): readonly Message[];
  /** What is left in a conversation that shows something at work. */
  leftIn(root: Message): readonly string[];
  /** Answers that were posted and deleted. */
  deletedAnswers(): number;
  /** Calls that the real platform would have refused on a good day. */
  refusals(): readonly string[];
  /** How often it has been called. */
  calls(): number;
  figures(): Readonly<Record<string, number>>;
  /** Resolves when everything that was to be told has been, or was given up. */
  settled(): Promise<void>;
  close(): Promise<void>;
}
