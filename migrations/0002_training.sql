CREATE TABLE "run_votes" (
	"run_id" uuid NOT NULL,
	"vote_id" uuid NOT NULL,
	"value" smallint NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "run_votes_run_id_vote_id_pk" PRIMARY KEY("run_id","vote_id")
);
--> statement-breakpoint
CREATE TABLE "training_checkpoint_chunks" (
	"run_id" uuid NOT NULL,
	"chunk" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	"sha256" text NOT NULL,
	CONSTRAINT "training_checkpoint_chunks_run_id_chunk_pk" PRIMARY KEY("run_id","chunk")
);
--> statement-breakpoint
CREATE TABLE "training_checkpoints" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"step" integer NOT NULL,
	"position" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "evaluations" ADD COLUMN "run_id" uuid;--> statement-breakpoint
ALTER TABLE "promotions" ADD COLUMN "run_id" uuid;--> statement-breakpoint
ALTER TABLE "training_runs" ADD COLUMN "report" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "training_runs" ADD COLUMN "epoch" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "training_runs" ADD COLUMN "claims" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "training_runs" ADD COLUMN "worker" text;--> statement-breakpoint
ALTER TABLE "training_runs" ADD COLUMN "stop_asked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "run_votes" ADD CONSTRAINT "run_votes_run_id_training_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_votes" ADD CONSTRAINT "run_votes_vote_id_votes_id_fk" FOREIGN KEY ("vote_id") REFERENCES "public"."votes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_checkpoint_chunks" ADD CONSTRAINT "training_checkpoint_chunks_run_id_training_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_checkpoints" ADD CONSTRAINT "training_checkpoints_run_id_training_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "run_votes_vote_id_index" ON "run_votes" USING btree ("vote_id");--> statement-breakpoint
CREATE UNIQUE INDEX "evaluations_one_a_run" ON "evaluations" USING btree ("run_id","policy_version","benchmark");--> statement-breakpoint
CREATE UNIQUE INDEX "policies_one_a_run" ON "policies" USING btree ("run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "promotions_one_a_run" ON "promotions" USING btree ("run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "training_runs_one_open" ON "training_runs" USING btree ("workspace_id") WHERE "training_runs"."status" in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "training_runs_workspace_id_started_at_index" ON "training_runs" USING btree ("workspace_id","started_at");