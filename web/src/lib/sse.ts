/** Takes the text of a stream of server-sent events apart. */
export interface ServerEvent {
  /** Where to read on; null where the event has no id of its own. */
  id: string | null;
  event: string;
  data: string;
}

/** Feed it pieces of text, however they were cut; it answers the events that are complete. */
export class EventParser {
  #rest = "";

  push(piece: string): ServerEvent[] {
    const blocks = (this.#rest + piece.replaceAll("\r\n", "\n")).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => {
      const event = readBlock(block);
      return event ? [event] : [];
    });
  }
}

/** One event; null of a comment, which only says that the server is still there. */
function readBlock(block: string): ServerEvent | null {
  const found: ServerEvent = { id: null, event: "message", data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, "");
    const field = line.slice(0, colon);
    if (field === "id") found.id = value;
    else if (field === "event") found.event = value;
    else if (field === "data") data.push(value);
  }
  return data.length > 0 ? { ...found, data: data.join("\n") } : null;
}
