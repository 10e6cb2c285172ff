/** One connection to a stream of the API: opened again after a loss, from where it was. */
import { EventParser, type ServerEvent } from "@/lib/sse";
import type { StreamEvents } from "./types";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 20_000;
// The server says something at least every 15 s; after this silence the connection is taken for dead.
const SILENCE_MS = 40_000;

export type StreamMessage = {
  [Name in keyof StreamEvents]: { event: Name; data: StreamEvents[Name] };
}[keyof StreamEvents];

export interface StreamListener {
  /** `resumed`: nothing was missed since the connection before. */
  onOpen: (resumed: boolean) => void;
  onMessage: (message: StreamMessage) => void;
  /** The connection is lost; `final` where it makes no sense to try again. */
  onLost: (why: string, final: boolean) => void;
  onEnd?: () => void;
}

class Lost extends Error {
  constructor(
    message: string,
    readonly final = false,
  ) {
    super(message);
  }
}

/** Follow a stream until the function that it answers is called. */
export function followStream(
  path: string,
  listener: StreamListener,
  startAt: string | null = null,
): () => void {
  const stop = new AbortController();
  void keepConnected(path, listener, startAt, stop.signal);
  return () => stop.abort();
}

async function keepConnected(
  path: string,
  listener: StreamListener,
  startAt: string | null,
  stop: AbortSignal,
): Promise<void> {
  const place = { last: startAt };
  let waitMs = FIRST_WAIT_MS;
  const stopped = () => stop.aborted;
  while (!stopped()) {
    try {
      const over = await readOnce(path, place, listener, stop, () => (waitMs = FIRST_WAIT_MS));
      if (over) {
        listener.onEnd?.();
        return;
      }
    } catch (error) {
      if (stopped()) return;
      const lost = error instanceof Lost ? error : new Lost("the connection was lost");
      listener.onLost(lost.message, lost.final);
      if (lost.final) return;
    }
    await pause(waitMs, stop);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

/** Read one connection to its end; true where the stream is over for good. */
async function readOnce(
  path: string,
  place: { last: string | null },
  listener: StreamListener,
  stop: AbortSignal,
  onOpened: () => void,
): Promise<boolean> {
  const silence = new AbortController();
  const response = await globalThis.fetch(path, {
    headers: { Accept: "text/event-stream", ...(place.last === null ? {} : { "Last-Event-ID": place.last }) },
    signal: AbortSignal.any([stop, silence.signal]),
    cache: "no-store",
  });
  if (response.status === 422 && place.last !== null) {
    place.last = null; // the server does not know this place any more: begin anew
    return false;
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Lost(`the server answered ${response.status}`, [401, 403, 404].includes(response.status));
  }
  const resumed = place.last !== null;
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) throw new Lost("the server closed the connection");
    for (const event of parser.push(value)) {
      const message = readMessage(event);
      if (message.event === "open") {
        onOpened();
        listener.onOpen(resumed);
      }
      if (message.event === "cut") {
        await reader.cancel();
        return false;
      }
      listener.onMessage(message);
      place.last = event.id ?? place.last;
      if (message.event === "end") {
        await reader.cancel();
        return true;
      }
    }
  }
}

function readMessage({ event, data }: ServerEvent): StreamMessage {
  return { event, data: JSON.parse(data) as unknown } as StreamMessage;
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", done);
  });
}
