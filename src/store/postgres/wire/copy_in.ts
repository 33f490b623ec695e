import pg from "pg";

/** The methods of pg's connection that COPY needs and that its types leave out (pg 8). */
type Connection = pg.Connection & {
  sendCopyFromChunk(rows: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
};

/**
 * `copy ... from stdin`, as one of several pipelined statements: its rows are sent behind it without waiting for the
 * server, and nothing else may be sent until `end` or `fail`. A server that refuses it passes over the rows that come
 * after its error (PostgreSQL, Frontend/Backend Protocol, COPY Operations).
 */
export class CopyIn extends pg.Query {
  #connection: Connection | undefined;

  constructor(text: string, first: readonly Buffer[], done: (error: Error | undefined) => void) {
    super(text, undefined, done);
    this.submit = (connection) => {
      this.#connection = connection as Connection;
      connection.stream.cork();
      connection.query(text);
      this.write(...first);
      connection.stream.uncork();
    };
  }

  write(...parts: readonly Buffer[]): void {
    for (const part of parts) this.#connection?.sendCopyFromChunk(part);
  }

  end(): void {
    this.#connection?.endCopyFrom();
  }

  fail(): void {
    this.#connection?.sendCopyFail("given up");
  }

  /** Called when the server is ready for rows, which were sent already. */
  handleCopyInResponse(): void {}
}
