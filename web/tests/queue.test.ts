import { expect, test } from "vitest";
import { inOrder, moveTo } from "@/features/cluster/queue";

const job = (id: string, priority: number, minute: number) => ({
  id,
  priority,
  created_at: `2027-01-01T00:${String(minute).padStart(2, "0")}:00Z`,
});
type Job = ReturnType<typeof job>;

function after(queue: readonly Job[], from: number, to: number) {
  const changes = moveTo(queue, from, to) ?? [];
  const wanted = new Map(changes.map(({ id, priority }) => [id, priority]));
  return inOrder(queue.map((each) => ({ ...each, priority: wanted.get(each.id) ?? each.priority }))).map(
    ({ id }) => id,
  );
}

test("the higher priority comes first, then the older", () => {
  const queue = [job("young", 0, 9), job("old", 0, 1), job("urgent", 5, 30)];
  expect(inOrder(queue).map(({ id }) => id)).toEqual(["urgent", "old", "young"]);
});

test("every move brings the job to its place and leaves the order of the others", () => {
  const queue = inOrder([job("a", 3, 4), job("b", 0, 1), job("c", 0, 2), job("d", 0, 3), job("e", -2, 5)]);
  for (let from = 0; from < queue.length; from += 1)
    for (let to = 0; to < queue.length; to += 1) {
      const wanted = queue.map(({ id }) => id).filter((id) => id !== queue[from]?.id);
      wanted.splice(to, 0, queue[from]?.id ?? "");
      expect(after(queue, from, to), `${from} to ${to}`).toEqual(wanted);
    }
});

test("a move to the front of equals changes one priority only", () => {
  const queue = inOrder([job("a", 0, 1), job("b", 0, 2), job("c", 0, 3)]);
  expect(moveTo(queue, 2, 0)).toEqual([{ id: "c", priority: 1 }]);
});

test("without room for it there is no move", () => {
  expect(moveTo([job("a", 100, 1), job("b", 100, 2)], 1, 0)).toBeNull();
});
