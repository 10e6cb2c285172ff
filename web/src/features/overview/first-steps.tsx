import { Link } from "@tanstack/react-router";
import { Card } from "@/components/card";
import { Command } from "@/components/command";

/** The way from nothing to a first student, for who has just installed it. */
export function FirstSteps() {
  return (
    <Card title="From your data to a small detector">
      <ol className="steps">
        <li>
          <h3>Register the data</h3>
          <p>
            Images and boxes in COCO or PASCAL VOC layout. They stay where they are, and are checked at once.
          </p>
          <Link to="/datasets" className="button">
            To the data sets
          </Link>
        </li>
        <li>
          <h3>Register a teacher</h3>
          <p>A strong detector: a weights file, one of torchvision’s, or the student of an earlier job.</p>
          <Link to="/models" className="button">
            To the models
          </Link>
        </li>
        <li>
          <h3>Send a job</h3>
          <p>One training, with the teacher or without. A sweep finds its loss weights.</p>
          <Link to="/new" className="button primary">
            New job
          </Link>
        </li>
      </ol>
      <p className="hint steps-end">
        The digits come along, with a teacher: this recipe needs neither of the first two steps.
      </p>
      <Command text="stillhouse submit recipes/digits/baseline.yaml" />
    </Card>
  );
}
