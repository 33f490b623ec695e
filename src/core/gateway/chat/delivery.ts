import type { ChatAnswer } from "../chat_call.ts";
import type { Chat, ChatPorts, AnswerEnd, Dispatched, Payment } from "./context.ts";

/** The steps in which a plain answer and a stream differ. */
export type Delivery<First, Done extends AnswerEnd> = {
  /**
   * Reads the part of an answer by which its node is accepted. Throws when that part does not come: the chat then moves
   * to the next candidate.
   */
  accept(ports: ChatPorts, chat: Chat, dispatched: Omit<Dispatched, "first">): Promise<First>;
  /** Passes the answer on to its end and returns the observation; never throws for a fault of node or client. */
  deliver(ports: ChatPorts, chat: Chat, dispatched: Dispatched<First>): Done | Promise<Done>;
  /** Sends what waited for the settlement: the plain answer, or a stream's last frames. */
  finish(
    ports: ChatPorts,
    chat: Chat,
    dispatched: Dispatched<First>,
    delivered: Done,
    payment: Payment | null,
  ): Promise<ChatAnswer | null>;
};
