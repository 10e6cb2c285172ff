/** Queries and changes of a sweep and its trials. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schemas, unwrap } from "@/api/client";
import { jobQuery } from "@/api/jobs";
import type { JobState } from "@/api/types";
import { isFinal, pollInterval } from "@/lib/states";

/** All trials without their learning curves, which are read on their own and less often. */
export function trialsQuery(id: string, state: JobState) {
  return queryOptions({
    queryKey: ["job", id, "trials"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/sweeps/{sweep_id}/trials", {
          params: { path: { sweep_id: id }, query: { max_reports: 0 } },
          signal,
        }),
      ),
    refetchInterval: () => pollInterval(state),
  });
}

const POINTS_IN_ALL = 24_000;

/** The learning curves of all trials, each thinned out by the server so that together they stay drawable. */
export function trialReportsQuery(id: string, numTrials: number, state: JobState) {
  const most = Math.min(300, Math.max(24, Math.floor(POINTS_IN_ALL / Math.max(1, numTrials))));
  return queryOptions({
    queryKey: ["job", id, "reports", most, isFinal(state)],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/v1/sweeps/{sweep_id}/trials", {
          params: { path: { sweep_id: id }, query: { max_reports: most } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: isFinal(state) ? false : 8_000,
    enabled: numTrials > 0,
  });
}

/** What the sweep has found so far; asked anew whenever a trial has ended. */
export function answersQuery(id: string, numEnded: number) {
  return queryOptions({
    queryKey: ["job", id, "answers", numEnded],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/v1/sweeps/{sweep_id}/answers", { params: { path: { sweep_id: id } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

export function useStopTrial(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (number: number) =>
      unwrap(
        api.POST("/api/v1/sweeps/{sweep_id}/trials/{number}/stop", {
          params: { path: { sweep_id: id, number } },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["job", id] }),
  });
}

export function useSteer(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["SteerRequest"]) =>
      unwrap(api.POST("/api/v1/sweeps/{sweep_id}/steer", { params: { path: { sweep_id: id } }, body })),
    onSuccess: (sweep) => client.setQueryData(jobQuery(id).queryKey, sweep),
    onSettled: () => client.invalidateQueries({ queryKey: ["job", id] }),
  });
}

export function useRetrain(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas["RetrainRequest"]) =>
      unwrap(api.POST("/api/v1/sweeps/{sweep_id}/retrain", { params: { path: { sweep_id: id } }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

export function useFork(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (edits: Schemas["CloneRequest"]["edits"]) =>
      unwrap(
        api.POST("/api/v1/sweeps/{sweep_id}/fork", { params: { path: { sweep_id: id } }, body: { edits } }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

export function usePromoteTrial(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ number, body }: { number: number; body: Schemas["StudentPromotion"] }) =>
      unwrap(
        api.POST("/api/v1/sweeps/{sweep_id}/trials/{number}/promote", {
          params: { path: { sweep_id: id, number } },
          body,
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["models"] }),
  });
}
