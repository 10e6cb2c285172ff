import { formatAge, formatExactTime } from "@/lib/format";
import { useNow } from "@/lib/now";

/** `3 min ago`, with the exact time on hover. */
export function TimeAgo({ at, suffix = " ago" }: { at: string; suffix?: string }) {
  const seconds = (useNow() - Date.parse(at)) / 1000;
  return (
    <time dateTime={at} title={formatExactTime(at)}>
      {seconds < 2 ? "now" : `${formatAge(seconds)}${suffix}`}
    </time>
  );
}
