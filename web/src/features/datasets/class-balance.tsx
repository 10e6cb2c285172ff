import { useMemo } from "react";
import type { Schemas } from "@/api/client";
import { Card } from "@/components/card";
import { balanceWords, classBalance } from "./balance";

interface Props {
  report: Schemas["DatasetReport"];
  chosen: string | undefined;
  onChoose: (name: string | undefined) => void;
}

/** Boxes of each class in both splits; choosing one shows its sample images only. */
export function ClassBalanceCard({ report, chosen, onChoose }: Props) {
  const classes = useMemo(() => classBalance(report), [report]);
  const most = Math.max(...classes.map(({ trainShare, valShare }) => Math.max(trainShare, valShare)), 1e-9);
  const words = balanceWords(classes);
  return (
    <Card
      title={`Class balance, ${classes.length} ${classes.length === 1 ? "class" : "classes"}`}
      actions={
        <span className="key">
          <span className="swatch first" /> training <span className="swatch second" /> validation
        </span>
      }
    >
      {words && <p className="hint lead">{words}</p>}
      <ul className="balance" aria-label="Boxes of each class">
        {classes.map((each) => (
          <li key={each.name}>
            <button
              type="button"
              className="link"
              aria-pressed={each.name === chosen}
              title={`Samples with ${each.name}`}
              onClick={() => onChoose(each.name === chosen ? undefined : each.name)}
            >
              {each.name}
            </button>
            <span className="balance-bars" aria-hidden="true">
              <span className="balance-bar first" style={{ width: `${(each.trainShare / most) * 100}%` }} />
              <span className="balance-bar second" style={{ width: `${(each.valShare / most) * 100}%` }} />
            </span>
            <span className="num balance-counts">
              {each.train.toLocaleString("en-US")}{" "}
              <span className="faint">/ {each.val.toLocaleString("en-US")}</span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
