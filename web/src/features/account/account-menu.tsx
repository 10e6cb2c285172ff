import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { meQuery, useSignOut } from "./queries";

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const { data: me } = useQuery(meQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = useSignOut();
  if (!me) return null;
  const roles = Object.entries(me.roles)
    .map(([project, role]) => `${role} of ${project === "*" ? "every project" : project}`)
    .join(", ");
  const leave = async () => {
    await signOut.mutateAsync();
    await navigate({ to: "/signin", search: {} });
    client.clear();
  };
  return (
    <div className="account">
      <span className="account-name" title={roles}>
        {me.name}
      </span>
      <button
        type="button"
        className="button small"
        disabled={signOut.isPending}
        onClick={() => void leave()}
      >
        Sign out
      </button>
    </div>
  );
}
