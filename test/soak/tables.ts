import pg from 'pg';

/** Looks into an installation's tables. */
export interface Tables {
  /** The one value of a query that returns one row with one column. */
  value(query: string): Promise<unknown>;
  rows(query: string): Promise<Record<string, unknown>[]>;
  /** Notes a problem unless the values read alike. */
  expect(what: string, actual: unknown, expected: unknown): void;
  readonly problems: readonly string[];
}

export async function withTables<T>(url: string, look: (tables: Tables) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 20_000 });
  // A database that is killed meanwhile fails the query; that is enough.
  client.on('error', () => undefined);
  await client.connect();
  const problems: string[] = [];
  const rows = async (query: string) => (await client.query(query)).rows;
  try {
    return await look({
      rows,
      value: async (query) => Object.values((await rows(query))[0] ?? {})[0],
      expect(what, actual, expected) {
        if (String(actual) !== String(expected)) problems.push(`${what}: ${actual}, not ${expected}`);
      },
      problems,
    });
  } finally {
    await client.end();
  }
}

/** Every question that was asked has been answered, once, whole, and in order. */
export async function expectAnswered({ value, expect }: Tables, questions: number): Promise<void> {
  expect('questions', await value('select count(*) from questions'), questions);
  expect('answered', await value(`select count(*) from questions where status = 'answered'`), questions);
  expect('answers', await value('select count(*) from answers'), questions);
  expect('trajectories', await value('select count(*) from trajectories'), questions);
  const disorder = `select count(*) from questions a join questions b
    on a.conversation_id = b.conversation_id and a.position < b.position and a.ended_at > b.ended_at`;
  expect('answers out of order', await value(disorder), 0);
  const gaps = `select count(*) from (
    select max(turn) as last, count(*) as n from turns group by trajectory_id) t where last <> n`;
  expect('trajectories with missing turns', await value(gaps), 0);
}
