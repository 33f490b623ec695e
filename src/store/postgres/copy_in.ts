import pg from "pg";

/** What COPY needs of pg's connection, and its types leave out. */
type Connection = pg.Connection & { sendCopyFromChunk(rows: Buffer): void; endCopyFrom(): void };

/**
 * `copy ... from stdin` with its rows sent right behind it, so that it can be one of several pipelined statements. A
 * server that refuses it passes over the rows that come after its error (PostgreSQL, Frontend/Backend Protocol, COPY
 * Operations).
 */
export class CopyIn extends pg.Query {
  constructor(text: string, rows: Buffer, done: (error: Error | undefined) => void) {
    super(text, undefined, done);
    this.submit = (connection) => {
      const { stream } = connection;
      stream.cork();
      connection.query(text);
      (connection as Connection).sendCopyFromChunk(rows);
      (connection as Connection).endCopyFrom();
      stream.uncork();
    };
  }

  /** The server is ready for the rows, which it has been sent. */
  handleCopyInResponse(): void {}
}
