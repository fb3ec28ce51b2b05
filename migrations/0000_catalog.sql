CREATE TABLE `dataset` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`source` text NOT NULL,
	`fetched_at` text NOT NULL,
	`ingested_at` text NOT NULL,
	`providers` integer NOT NULL,
	`models` integer NOT NULL,
	`set_aside` integer NOT NULL,
	`build` text NOT NULL,
	`source_digest` text NOT NULL,
	CONSTRAINT "dataset_one_row" CHECK("dataset"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE `entry` (
	`id` integer PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`capabilities` integer NOT NULL,
	`context` integer,
	`price` real,
	`open_weights` integer,
	`deprecated` integer NOT NULL,
	`party` integer NOT NULL,
	`featured` integer,
	`recency` integer NOT NULL,
	`lab` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `entry_by_provider` ON `entry` (`provider`);--> statement-breakpoint
CREATE INDEX `entry_by_featured` ON `entry` (`featured`) WHERE "entry"."featured" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `entry_body` (
	`id` integer PRIMARY KEY NOT NULL,
	`json` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `entry_text` (
	`id` integer PRIMARY KEY NOT NULL,
	`id_key` text NOT NULL,
	`model_key` text NOT NULL,
	`segment_key` text NOT NULL,
	`name_key` text,
	`spaced` text NOT NULL,
	`lower_id` text NOT NULL,
	`folded_segment` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `entry_text_by_lower_id` ON `entry_text` (`lower_id`);--> statement-breakpoint
CREATE INDEX `entry_text_by_folded_segment` ON `entry_text` (`folded_segment`);--> statement-breakpoint
CREATE TABLE `model` (
	`pk` integer PRIMARY KEY NOT NULL,
	`id` text GENERATED ALWAYS AS ("provider" || '/' || "model_id") VIRTUAL NOT NULL,
	`provider` text NOT NULL,
	`model_id` text NOT NULL,
	`name` text,
	`description` text,
	`family` text,
	`canonical_model_id` text,
	`release_date` text,
	`last_updated` text,
	`knowledge` text,
	`open_weights` integer,
	`status` text,
	`extra` text,
	`digest` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `model_by_id` ON `model` (`id`);--> statement-breakpoint
CREATE TABLE `model_capability` (
	`model` integer NOT NULL,
	`capability` text NOT NULL,
	`supported` integer NOT NULL,
	`detail` text,
	PRIMARY KEY(`model`, `capability`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `model_cost` (
	`model` integer NOT NULL,
	`kind` text NOT NULL,
	`usd_per_mtok` real NOT NULL,
	PRIMARY KEY(`model`, `kind`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `model_cost_tier` (
	`model` integer NOT NULL,
	`position` integer NOT NULL,
	`type` text,
	`size` integer,
	`kind` text NOT NULL,
	`usd_per_mtok` real NOT NULL,
	PRIMARY KEY(`model`, `position`, `kind`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `model_limit` (
	`model` integer NOT NULL,
	`kind` text NOT NULL,
	`tokens` integer NOT NULL,
	PRIMARY KEY(`model`, `kind`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `model_modality` (
	`model` integer NOT NULL,
	`direction` text NOT NULL,
	`position` integer NOT NULL,
	`modality` text NOT NULL,
	PRIMARY KEY(`model`, `direction`, `position`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `model_reasoning_option` (
	`model` integer NOT NULL,
	`position` integer NOT NULL,
	`type` text,
	`option` text NOT NULL,
	PRIMARY KEY(`model`, `position`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `provider` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`npm` text,
	`api` text,
	`doc` text,
	`extra` text
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `provider_env` (
	`provider` text NOT NULL,
	`position` integer NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`provider`, `position`)
) WITHOUT ROWID;
