-- What an overlay changed, and how to undo it.
CREATE TABLE `overlay_field` (
	`id` text NOT NULL,
	`field` text NOT NULL,
	`value` text,
	PRIMARY KEY(`id`, `field`)
);
--> statement-breakpoint
CREATE TABLE `overlay_notice` (
	`position` integer PRIMARY KEY NOT NULL,
	`what` text NOT NULL,
	`why` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `overlay_original` (
	`id` text PRIMARY KEY NOT NULL,
	`json` text
);
--> statement-breakpoint
ALTER TABLE `dataset` ADD `overlay_digest` text;
