import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { LogLine } from "@/lib/log-lines";

interface Props {
  lines: readonly LogLine[];
  follow: boolean;
  empty: string;
  onFollow: (follow: boolean) => void;
}

const LINE_PX = 20;

/** The lines in sight, however many there are. Scrolling away from the end stops following it. */
export function LogLines({ lines, follow, empty, onFollow }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 12,
  });
  useEffect(() => {
    if (follow && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: "end" });
  }, [follow, lines.length, virtual]);
  const items = virtual.getVirtualItems();
  return (
    <div
      ref={box}
      className="log"
      role="log"
      aria-label="Log"
      aria-live="off"
      tabIndex={0}
      onWheel={(event) => {
        if (event.deltaY < 0 && follow) onFollow(false);
      }}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        if (!follow && scrollHeight - scrollTop - clientHeight < 4) onFollow(true);
      }}
    >
      {lines.length === 0 ? (
        <p className="log-empty">{empty}</p>
      ) : (
        <div className="log-body" style={{ height: virtual.getTotalSize() }}>
          <div style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map(({ index, key }) => {
              const line = lines[index];
              return (
                line && (
                  <div key={key} className={`log-line ${line.level}`}>
                    <span className="log-number" aria-hidden="true">
                      {line.number}
                    </span>
                    {line.text}
                  </div>
                )
              );
            })}
          </div>
        </div>
      )}
    </div>
  );
}
