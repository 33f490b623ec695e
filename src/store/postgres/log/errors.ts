/** Thrown when another leader is in force: what was begun is undone, and everything is read again. */
export class LeadLost extends Error {
  constructor() {
    super("another gateway leads the log");
    this.name = "LeadLost";
  }
}
