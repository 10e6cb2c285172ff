import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { valueAt } from "@/lib/spec-schema";
import { DATASET, preflight, readReference, type Remark, TEACHER_MODEL } from "./preflight";
import { clusterQuery, namedDatasetQuery, namedModelQuery } from "./queries";

const MARKS: Record<Remark["tone"], string> = { good: "✓", warning: "!", error: "✕" };

/** What is known of data, teacher and cluster before the job starts; the worst first. */
export function PreflightCard({ spec }: { spec: unknown }) {
  const dataset = useQuery(namedDatasetQuery(readReference(valueAt(spec, DATASET)))).data;
  const model = useQuery(namedModelQuery(readReference(valueAt(spec, TEACHER_MODEL)))).data;
  const cluster = useQuery(clusterQuery).data;
  const order = Object.keys(MARKS).reverse();
  const remarks = preflight(spec, { dataset, model, cluster }).sort(
    (a, b) => order.indexOf(a.tone) - order.indexOf(b.tone),
  );
  if (remarks.length === 0) return null;
  return (
    <section className="preflight" aria-label="Before it starts">
      <h2>Before it starts</h2>
      <ul>
        {remarks.map(({ tone, text }) => (
          <li key={text} className={`remark ${tone}`}>
            <span className="remark-mark" aria-hidden="true">
              {MARKS[tone]}
            </span>
            <span>
              {tone !== "good" && <span className="visually-hidden">{tone}: </span>}
              {text}
            </span>
          </li>
        ))}
      </ul>
      <p className="hint">
        Boxes, anchors, memory and the teacher’s answers are looked at when the job starts, before its first
        step. See <Link to="/datasets">data sets</Link> and <Link to="/models">models</Link>.
      </p>
    </section>
  );
}
