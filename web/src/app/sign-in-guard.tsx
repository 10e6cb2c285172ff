import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { ProblemError } from "@/api/client";

/** Leads to the sign-in page as soon as the server says that it does not know who asks. */
export function SignInGuard() {
  const client = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    const look = (error: unknown) => {
      const { pathname, href } = router.state.location;
      if (!(error instanceof ProblemError) || error.status !== 401 || pathname === "/signin") return;
      void router.navigate({ to: "/signin", search: { next: href === "/" ? undefined : href } });
    };
    const stopQueries = client.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "error") look(event.action.error);
    });
    const stopMutations = client.getMutationCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "error") look(event.action.error);
    });
    return () => {
      stopQueries();
      stopMutations();
    };
  }, [client, router]);
  return null;
}
