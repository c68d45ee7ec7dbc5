/** First names with the pronoun of their sentences. */
export interface Person {
  readonly name: string;
  readonly he: 'he' | 'she';
}

const SHE =
  'Anna Carla Emma Grace Iris Kim Maria Olga Rosa Tina Wendy Zoe Lena Sarah Julia Nina Laura Sofia Mia Priya Aisha Fatima Yuki Mei Chloe Hannah Ella Ruth Ingrid Amara Lucia Elena Nadia Clara Alice Eve Jane Kate Lucy Mary Nora Paula Rita Susan Vera Leila Megan Bella Diana Joan'.split(
    ' ',
  );
const HE =
  'Ben David Felix Hugo Jack Liam Noah Paul Sam Victor Yusuf Tom Max Leo Omar Ravi Kenji Ivan Carlos Diego Ahmed Peter Mark Lukas Jonas Finn Oscar Theo Adam Luis Marco Andre Pierre Samuel Daniel Henry George Arthur Frank Bob Bill Alex Nick Mike John James Robert Simon Tim Eric'.split(
    ' ',
  );

export const PEOPLE: readonly Person[] = HE.flatMap((name, place) => [
  { name, he: 'he' as const },
  { name: SHE[place] ?? 'Anna', he: 'she' as const },
]);

export const SURNAMES: readonly string[] =
  'Smith Jones Brown Garcia Miller Davis Lopez Wilson Moore Taylor Thomas Lee Martin White Clark Lewis Walker Hall Young King Wright Hill Green Baker Nelson Carter Turner Parker Evans Collins Novak Kowalski Schmidt Weber Rossi Silva Tanaka Kim Patel Singh Khan Ali Ivanov Larsen Jensen Berg Dubois Costa Moreau Fischer'.split(
    ' ',
  );
