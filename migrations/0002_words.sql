-- The words of ids and names, for queries that match nothing.
CREATE TABLE `word` (
	`id` integer PRIMARY KEY NOT NULL,
	`word` text NOT NULL,
	`entries` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `word_by_word` ON `word` (`word`);
--> statement-breakpoint
-- Each word's forms (src/db/word-forms.ts), which a misspelt one shares. It keeps no text.
CREATE VIRTUAL TABLE word_near USING fts5(
  forms,
  content = '', columnsize = 0, detail = none, tokenize = 'ascii'
);
