import { useQuery } from "@tanstack/react-query";
import { ErrorNotice } from "@/components/notices";
import { meQuery } from "@/features/account/queries";

export function SettingsPage() {
  const { data, error } = useQuery(meQuery);
  return (
    <main className="page">
      <h1>Settings</h1>
      {error && <ErrorNotice error={error} />}
      {data && <p>Signed in as {data.name}</p>}
    </main>
  );
}
