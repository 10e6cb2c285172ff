import { useQuery } from "@tanstack/react-query";
import { JOB_STATES } from "@/lib/states";
import { countsQuery, type JobFilter } from "./queries";

interface Props {
  filter: JobFilter;
  onChange: (filter: JobFilter) => void;
}

/** A button for each state that there are jobs in, with their number; several can be pressed. */
export function StateFilter({ filter, onChange }: Props) {
  const { data } = useQuery(countsQuery(filter));
  const chosen = filter.state ?? [];
  const present = JOB_STATES.filter((state) => (data?.by_state[state] ?? 0) > 0 || chosen.includes(state));
  return (
    <div className="chips" role="group" aria-label="States">
      <button
        type="button"
        className="chip"
        aria-pressed={chosen.length === 0}
        onClick={() => onChange({ ...filter, state: undefined })}
      >
        All <span className="num">{data?.total.toLocaleString("en-US")}</span>
      </button>
      {present.map((state) => {
        const on = chosen.includes(state);
        const next = on ? chosen.filter((each) => each !== state) : [...chosen, state];
        return (
          <button
            key={state}
            type="button"
            className={`chip chip-${state}`}
            aria-pressed={on}
            onClick={() => onChange({ ...filter, state: next.length > 0 ? next : undefined })}
          >
            {state} <span className="num">{data?.by_state[state]?.toLocaleString("en-US")}</span>
          </button>
        );
      })}
    </div>
  );
}
