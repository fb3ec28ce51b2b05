-- What lists are answered from: sets of entries as bits, columns of numbers, the search order, and whole texts by key
-- (src/db/entry-sets.ts, src/db/search-text.ts). All of it is made from the other tables by every ingest.
CREATE TABLE `entry_column` (
	`name` text PRIMARY KEY NOT NULL,
	`numbers` blob NOT NULL,
	`ids` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `entry_key` (
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`entry` integer NOT NULL,
	PRIMARY KEY(`kind`, `key`, `entry`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `entry_set` (
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`members` blob NOT NULL,
	PRIMARY KEY(`kind`, `value`)
);
--> statement-breakpoint
CREATE TABLE `entry_tail` (
	`tail` text PRIMARY KEY NOT NULL,
	`members` blob NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `entry_stretch` (
	`place` integer PRIMARY KEY NOT NULL,
	`deprecated` integer NOT NULL,
	`party` integer NOT NULL,
	`first` integer NOT NULL,
	`last` integer NOT NULL
);
--> statement-breakpoint
DROP TABLE `entry_text`;--> statement-breakpoint
DROP INDEX `entry_by_provider`;--> statement-breakpoint
ALTER TABLE `entry` DROP COLUMN `provider`;--> statement-breakpoint
ALTER TABLE `entry` DROP COLUMN `capabilities`;--> statement-breakpoint
ALTER TABLE `entry` DROP COLUMN `context`;--> statement-breakpoint
ALTER TABLE `entry` DROP COLUMN `price`;--> statement-breakpoint
ALTER TABLE `entry` DROP COLUMN `open_weights`;--> statement-breakpoint
ALTER TABLE `entry` DROP COLUMN `recency`;
--> statement-breakpoint
DROP TABLE entry_gram;
--> statement-breakpoint
DROP TABLE entry_search;
--> statement-breakpoint
-- Texts by trigrams, so that a phrase is a substring.
CREATE VIRTUAL TABLE entry_text USING fts5(
  folded,
  content = '', columnsize = 0, tokenize = 'trigram case_sensitive 1'
);
--> statement-breakpoint
-- Texts by their runs.
CREATE VIRTUAL TABLE entry_run USING fts5(
  runs,
  content = '', columnsize = 0, tokenize = 'ascii'
);
