-- The orders that lists can be asked for (src/ingest/entry-orders.ts), made by every ingest.
CREATE TABLE `entry_order` (
	`name` text PRIMARY KEY NOT NULL,
	`ids` blob NOT NULL
);
