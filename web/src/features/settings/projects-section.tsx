import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Card } from "@/components/card";
import { ConfirmButton } from "@/components/confirm-button";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { formatNumber } from "@/lib/format";
import { type Project, projectsQuery, useRemoveProject } from "./access";
import { ProjectForm } from "./project-form";
import { ScrollRegion } from "@/components/scroll-region";

/** Groups of jobs, and what those of each may hold at once. */
export function ProjectsSection() {
  const query = useQuery(projectsQuery);
  const [edited, setEdited] = useState<Project | "new" | null>(null);
  const projects = query.data?.items;
  return (
    <Card
      title="Projects"
      actions={
        <button type="button" className="button primary small" onClick={() => setEdited("new")}>
          New project
        </button>
      }
    >
      <p className="hint lead">
        A project groups jobs and sweeps, has its own members by the roles of their tokens, and may be limited
        so that one team leaves room for the others.
      </p>
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading label="Reading the projects" />}
      {projects?.length === 0 && (
        <EmptyState title="No project yet">
          <p>A project appears with the first job that names it, or when you make one here.</p>
        </EmptyState>
      )}
      {projects && projects.length > 0 && <ProjectTable projects={projects} onEdit={setEdited} />}
      {edited && (
        <ProjectForm project={edited === "new" ? undefined : edited} onClose={() => setEdited(null)} />
      )}
    </Card>
  );
}

interface TableProps {
  projects: readonly Project[];
  onEdit: (project: Project) => void;
}

function ProjectTable({ projects, onEdit }: TableProps) {
  const remove = useRemoveProject();
  return (
    <>
      {remove.isError && <ErrorNotice error={remove.error} />}
      <ScrollRegion className="table-wrap" label="Projects">
        <table className="table stacked" aria-label="Projects">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Jobs</th>
              <th scope="col" className="right">
                Jobs at once
              </th>
              <th scope="col" className="right">
                CPUs at once
              </th>
              <th scope="col" className="right">
                GPUs at once
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {projects.map((project) => (
              <tr key={project.name}>
                <th scope="row" className="cell-name">
                  <Link to="/jobs" search={{ project: project.name }}>
                    {project.name}
                  </Link>
                  {project.description && <span className="sub">{project.description}</span>}
                </th>
                <td data-label="Jobs">{jobWords(project.jobs)}</td>
                <Limit label="Jobs at once" value={project.limits.max_jobs} />
                <Limit label="CPUs at once" value={project.limits.max_cpus} />
                <Limit label="GPUs at once" value={project.limits.max_gpus} />
                <td className="cell-actions">
                  <button
                    type="button"
                    className="button small"
                    aria-label={`Change ${project.name}`}
                    onClick={() => onEdit(project)}
                  >
                    Change
                  </button>
                  {project.created_at !== null && (
                    <ConfirmButton
                      small
                      label="Remove"
                      ariaLabel={`Remove ${project.name}`}
                      title={`Remove ${project.name}?`}
                      confirm="Remove it"
                      busy={remove.isPending}
                      onConfirm={() => remove.mutate(project.name)}
                    >
                      <p>
                        Its description and limits go. Its jobs stay, and with them the name in this list.
                      </p>
                    </ConfirmButton>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}

function Limit({ label, value }: { label: string; value: number | null | undefined }) {
  return (
    <td className="right num" data-label={label}>
      {value == null ? <span className="faint">no limit</span> : formatNumber(value)}
    </td>
  );
}

function jobWords(jobs: Readonly<Record<string, number>>): string {
  const words = Object.entries(jobs).map(([state, count]) => `${count.toLocaleString("en-US")} ${state}`);
  return words.length > 0 ? words.join(", ") : "none";
}
