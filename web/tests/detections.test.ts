import { expect, test } from "vitest";
import { type ComparedImage, foundWords, judge, listed } from "@/features/job/detections";

const BOX = [0, 0, 10, 10];

function image(
  file_name: string,
  instances: [label: string, size: "small" | "large", teacher: boolean, student: boolean][],
  wrong = 0,
): ComparedImage {
  const detection = (instance: number | null) => ({ label: "cat", box_xyxy: BOX, score: 0.9, instance });
  return {
    file_name,
    picture: `diagnostics/${file_name}`,
    width: 100,
    height: 50,
    instances: instances.map(([label, size, teacher, student]) => ({
      label,
      box_xyxy: BOX,
      size,
      teacher,
      student,
    })),
    teacher: [],
    student: Array.from({ length: wrong }, () => detection(null)),
  };
}

const IMAGES = [
  image("cats", [
    ["cat", "small", true, false],
    ["cat", "large", true, true],
  ]),
  image("dogs", [
    ["dog", "small", true, false],
    ["dog", "large", true, false],
  ]),
  image("invented", [["cat", "small", false, false]], 3),
  image("empty", []),
];
const names = (filter: Parameters<typeof judge>[1]) =>
  judge(IMAGES, filter).map((one) => one.image.file_name);

test("images on which the student misses most come first, then those where it sees what is not there", () => {
  expect(names({})).toEqual(["dogs", "cats", "invented", "empty"]);
});

test("a filter by class and size counts and keeps only what it asks for", () => {
  expect(names({ label: "cat" })).toEqual(["cats", "invented"]);
  expect(names({ size: "large" })).toEqual(["dogs", "cats"]);
  expect(names({ label: "cat", size: "large" })).toEqual(["cats"]);
  expect(judge(IMAGES, { label: "cat", size: "large" })[0]?.missed).toEqual([]);
});

test("an image is put into words", () => {
  const [dogs, , invented] = judge(IMAGES, {});
  expect(dogs && foundWords(dogs, "teacher")).toBe("finds 2 of 2");
  expect(invented && foundWords(invented, "student")).toBe("finds 0 of 1, 3 on nothing");
  expect(listed(dogs?.missed ?? [])).toBe("dog and dog");
});
