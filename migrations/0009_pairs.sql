-- The runs of ids and names in pairs, and from each to the text's end with blanks between them (src/db/search-text.ts): what
-- the index of runs told is a range of keys now. All of it is made from the other tables by every ingest.
CREATE TABLE `entry_pair` (
	`pair` text PRIMARY KEY NOT NULL,
	`members` blob NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
DELETE FROM entry_tail;
--> statement-breakpoint
DROP TABLE entry_run;
