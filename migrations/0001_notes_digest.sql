ALTER TABLE "notes" DROP CONSTRAINT "notes_questionId_text_unique";--> statement-breakpoint
CREATE UNIQUE INDEX "notes_question_digest" ON "notes" USING btree ("question_id",md5("text"));