import type { ChatAnswer } from "../chat_call.ts";
import type { Chat, ChatPorts, AnswerEnd, Dispatched, Payment } from "./context.ts";

/** The steps in which a plain answer and a stream differ. */
export type Delivery<First, Done extends AnswerEnd> = {
  /**
   * Reads an answer as far as its node must get for the chat to stay with it. Throws when the node does not get there:
   * the chat then moves to the next candidate.
   */
  accept(ports: ChatPorts, chat: Chat, dispatched: Omit<Dispatched, "first">): Promise<First>;
  /** Passes the answer on up to its end, and says what was delivered; never throws for the node's or the client's fault. */
  deliver(ports: ChatPorts, chat: Chat, dispatched: Dispatched<First>): Done | Promise<Done>;
  /** What waited for the settlement: the plain answer, or the last frames of a stream. */
  finish(
    ports: ChatPorts,
    chat: Chat,
    dispatched: Dispatched<First>,
    delivered: Done,
    payment: Payment | null,
  ): Promise<ChatAnswer | null>;
};
