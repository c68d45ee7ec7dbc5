CREATE TABLE "installations" (
	"platform" text NOT NULL,
	"workspace" text NOT NULL,
	"key_id" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "installations_platform_workspace_pk" PRIMARY KEY("platform","workspace")
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"workspace_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"message" text NOT NULL,
	"kind" text NOT NULL,
	"part" integer NOT NULL,
	"question_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "posts_workspace_id_platform_message_pk" PRIMARY KEY("workspace_id","platform","message")
);
--> statement-breakpoint
CREATE TABLE "read_positions" (
	"workspace_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"place" text NOT NULL,
	"position" text NOT NULL,
	CONSTRAINT "read_positions_workspace_id_platform_place_pk" PRIMARY KEY("workspace_id","platform","place")
);
--> statement-breakpoint
DROP INDEX "outbox_platform_delivered_at_index";--> statement-breakpoint
ALTER TABLE "outbox" ALTER COLUMN "question_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "run_id" uuid;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "first_tried_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "next_try_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "failed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "votes" ADD COLUMN "means" text;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "read_positions" ADD CONSTRAINT "read_positions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "posts_question_id_index" ON "posts" USING btree ("question_id");--> statement-breakpoint
CREATE INDEX "posts_workspace_id_kind_created_at_index" ON "posts" USING btree ("workspace_id","kind","created_at");--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_run_id_training_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."training_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_one_a_run" ON "outbox" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "outbox" USING btree ("platform","created_at") WHERE "outbox"."delivered_at" is null and "outbox"."failure" is null;--> statement-breakpoint
CREATE INDEX "outbox_undeliverable" ON "outbox" USING btree ("workspace_id","failed_at") WHERE "outbox"."failure" is not null;--> statement-breakpoint
CREATE INDEX "questions_workspace_id_asked_at_index" ON "questions" USING btree ("workspace_id","asked_at");