BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE contacts (
	zorgvraag_id INTEGER NOT NULL, 
	sealed BLOB NOT NULL, 
	CONSTRAINT pk_contacts PRIMARY KEY (zorgvraag_id), 
	CONSTRAINT fk_contacts_zorgvraag_id FOREIGN KEY(zorgvraag_id) REFERENCES zorgvragen (id)
);
INSERT INTO "contacts" VALUES(1,X'6741414141414272416F346F786278504935376A506A6475776E4E664A6774716734337A72653031415568346F3435547263685F7A324377634E694A5F4B596E7555335A757A48544B7676716D5239316B4D4D422D32443774704241413663495F6853634B52714D6A58566547507847755F36657A537A635633552D57374239314F644F724D48506D70386A4A314A5F6344385179692D6E486D4366645053485232724F3535434D4A2D6176522D31713575445A7248483830666B42395A4C4235794D7A7231543442464F46375A6B5549414E494465354E392D505074505A6A62513D3D');
CREATE TABLE cursors (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_cursors PRIMARY KEY (name)
);
INSERT INTO "cursors" VALUES('sync','s1_2_3');
CREATE TABLE digests (
	region_id VARCHAR NOT NULL, 
	day DATE NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_digests PRIMARY KEY (region_id, day), 
	CONSTRAINT fk_digests_region_id FOREIGN KEY(region_id) REFERENCES regions (id)
);
INSERT INTO "digests" VALUES('noord','2026-11-23','2026-11-23 09:10:00.000000');
CREATE TABLE invitations (
	purpose VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	CONSTRAINT pk_invitations PRIMARY KEY (purpose, user_id)
);
INSERT INTO "invitations" VALUES('region:noord','@lead:x');
CREATE TABLE journal (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	user_id VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	region_id VARCHAR, 
	zorgvraag_id INTEGER, 
	CONSTRAINT pk_journal PRIMARY KEY (id)
);
INSERT INTO "journal" VALUES(1,'2026-11-23 09:10:00.000000','@lead:x','claim','noord',2);
CREATE TABLE lights (
	team_id VARCHAR NOT NULL, 
	dagdeel VARCHAR NOT NULL, 
	colour VARCHAR NOT NULL, 
	set_at DATETIME NOT NULL, 
	set_by VARCHAR NOT NULL, 
	until DATETIME, 
	note VARCHAR, 
	CONSTRAINT pk_lights PRIMARY KEY (team_id, dagdeel), 
	CONSTRAINT fk_lights_team_id FOREIGN KEY(team_id) REFERENCES teams (id) ON DELETE CASCADE
);
INSERT INTO "lights" VALUES('roombeek','ochtend','oranje','2026-11-23 09:10:00.000000','@nurse0:x','2026-11-23 10:10:00.000000','verzonnen');
CREATE TABLE members (
	user_id VARCHAR NOT NULL, 
	region_id VARCHAR NOT NULL, 
	team_id VARCHAR, 
	roles JSON NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_members PRIMARY KEY (user_id, region_id), 
	CONSTRAINT fk_members_region_id FOREIGN KEY(region_id) REFERENCES regions (id), 
	CONSTRAINT fk_members_team_id FOREIGN KEY(team_id) REFERENCES teams (id)
);
INSERT INTO "members" VALUES('@nurse0:x','noord','roombeek','["nurse"]','Nurse 0');
INSERT INTO "members" VALUES('@nurse1:x','noord','roombeek','["nurse"]','Nurse 1');
INSERT INTO "members" VALUES('@lead:x','noord','roombeek','["team lead"]','Leonie Verzonnen');
CREATE TABLE organisations (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_organisations PRIMARY KEY (id)
);
INSERT INTO "organisations" VALUES('buurtzorg','Buurtzorg');
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	batch VARCHAR, 
	audience VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	region_id VARCHAR, 
	kind VARCHAR NOT NULL, 
	facts JSON NOT NULL, 
	sealed BLOB, 
	priority INTEGER NOT NULL, 
	merge_key VARCHAR, 
	zorgvraag_id INTEGER, 
	asked_by VARCHAR, 
	reply_to VARCHAR, 
	created_at DATETIME NOT NULL, 
	not_before DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	room_id VARCHAR, 
	event_id VARCHAR, 
	done_at DATETIME, 
	outcome VARCHAR, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_region_id FOREIGN KEY(region_id) REFERENCES regions (id), 
	CONSTRAINT fk_outbox_zorgvraag_id FOREIGN KEY(zorgvraag_id) REFERENCES zorgvragen (id)
);
INSERT INTO "outbox" VALUES(1,'d19d700307994b2dadeacef611eef88b','RegionRoom','noord','noord','Opened','{"zorgvraag_id": 1}',NULL,1,'post:1',1,NULL,NULL,'2026-11-23 09:10:00.000000','2026-11-23 09:10:00.000000',0,'!noord','$post','2026-11-23 09:10:00.000000','sent');
INSERT INTO "outbox" VALUES(2,'4d6124f63e584062804f008e3668fa36','RegionRoom','noord','noord','Claimed','{"zorgvraag_id": 2, "by": "@lead:x", "at": "2026-11-23T09:10:00Z"}',NULL,0,NULL,2,NULL,NULL,'2026-11-23 09:10:00.000000','2026-11-23 09:10:00.000000',0,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(3,NULL,'RegionRoom','noord','noord','PostChanged','{"zorgvraag_id": 2}',NULL,2,'post:2',2,NULL,NULL,'2026-11-23 09:10:00.000000','2026-11-23 09:10:00.000000',0,NULL,NULL,NULL,NULL);
INSERT INTO "outbox" VALUES(4,NULL,'Person','@lead:x',NULL,'Details','{"zorgvraag_id": 2}',X'6741414141414272416F346F616673786D3352775F6A354B56682D665864525F714858524378694C34345071474E74545066356D473038316F4B39766B527778346765323441797071616E347062314268306359476B4345545548326F6742316B6245762D3739695472586D507A6163415867557652453D',0,NULL,2,NULL,NULL,'2026-11-23 09:10:00.000000','2026-11-23 09:10:00.000000',0,NULL,NULL,NULL,NULL);
CREATE TABLE reactions (
	event_id VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	zorgvraag_id INTEGER NOT NULL, 
	CONSTRAINT pk_reactions PRIMARY KEY (event_id), 
	CONSTRAINT fk_reactions_zorgvraag_id FOREIGN KEY(zorgvraag_id) REFERENCES zorgvragen (id)
);
INSERT INTO "reactions" VALUES('$hand','@lead:x',2);
CREATE TABLE "references" (
	source VARCHAR NOT NULL, 
	reference VARCHAR NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	zorgvraag_id INTEGER NOT NULL, 
	CONSTRAINT pk_references PRIMARY KEY (source, reference), 
	CONSTRAINT fk_references_zorgvraag_id FOREIGN KEY(zorgvraag_id) REFERENCES zorgvragen (id)
);
INSERT INTO "references" VALUES('ziekenhuis','reference-1','fingerprint-1',1);
CREATE TABLE regions (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	body JSON NOT NULL, 
	last_number INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_regions PRIMARY KEY (id), 
	CONSTRAINT uq_regions_name UNIQUE (name)
);
INSERT INTO "regions" VALUES('noord','Noord','{"id": "noord", "name": "Noord", "postcodes": [{"first": "7520", "last": "7529"}], "timezone": "Europe/Amsterdam", "policy": {"steps": {"spoed": ["PT2H", "PT4H"], "binnen 24 uur": ["P1D"], "binnen 48 uur": ["P2D"], "gepland": ["P2D"]}, "quiet_from": "22:00:00", "quiet_until": "07:00:00", "digest_at": "08:00:00", "erase_after": "P30D", "lights_stale_after": "P1D"}}',2,1);
CREATE TABLE rooms (
	purpose VARCHAR NOT NULL, 
	room_id VARCHAR NOT NULL, 
	CONSTRAINT pk_rooms PRIMARY KEY (purpose), 
	CONSTRAINT uq_rooms_room_id UNIQUE (room_id)
);
INSERT INTO "rooms" VALUES('region:noord','!noord');
CREATE TABLE rounds (
	zorgvraag_id INTEGER NOT NULL, 
	round INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_rounds PRIMARY KEY (zorgvraag_id, round), 
	CONSTRAINT fk_rounds_zorgvraag_id FOREIGN KEY(zorgvraag_id) REFERENCES zorgvragen (id)
);
INSERT INTO "rounds" VALUES(1,1,'2026-11-23 12:10:00.000000');
CREATE TABLE seen (
	event_id VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	outcome VARCHAR NOT NULL, 
	CONSTRAINT pk_seen PRIMARY KEY (event_id)
);
INSERT INTO "seen" VALUES('$heard','2026-11-23 09:10:00.000000','done');
CREATE TABLE teams (
	id VARCHAR NOT NULL, 
	region_id VARCHAR NOT NULL, 
	organisation_id VARCHAR NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_teams PRIMARY KEY (id), 
	CONSTRAINT fk_teams_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT fk_teams_region_id FOREIGN KEY(region_id) REFERENCES regions (id)
);
INSERT INTO "teams" VALUES('roombeek','noord','buurtzorg','{"id": "roombeek", "name": "Team Roombeek", "organisation_id": "buurtzorg", "region_id": "noord", "postcodes": [], "expertise": []}');
CREATE TABLE zorgvragen (
	id INTEGER NOT NULL, 
	region_id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	care JSON NOT NULL, 
	state VARCHAR NOT NULL, 
	submitted_by VARCHAR NOT NULL, 
	submitted_at DATETIME NOT NULL, 
	opened_at DATETIME NOT NULL, 
	due_at DATETIME, 
	claimed_by VARCHAR, 
	claimed_at DATETIME, 
	ended_at DATETIME, 
	erased_at DATETIME, 
	reason VARCHAR, 
	round INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_zorgvragen PRIMARY KEY (id), 
	CONSTRAINT fk_zorgvragen_region_id FOREIGN KEY(region_id) REFERENCES regions (id), 
	CONSTRAINT uq_zorgvragen_region_id_number UNIQUE (region_id, number)
);
INSERT INTO "zorgvragen" VALUES(1,'noord',1,'{"pc4": "7523", "kinds": ["wondzorg"], "visits": {"count": 2, "per": "dag"}, "dagdelen": ["ochtend"], "hours": "3.5", "start": "2026-11-26", "urgency": "spoed", "funding": null, "referrer": null, "expertise": null, "preferred": null, "wish": null, "note": "verzonnen"}','open','source:ziekenhuis','2026-11-23 09:10:00.000000','2026-11-23 09:10:00.000000','2026-11-23 13:10:00.000000',NULL,NULL,NULL,NULL,NULL,1,1);
INSERT INTO "zorgvragen" VALUES(2,'noord',2,'{"pc4": "7523", "kinds": ["wondzorg"], "visits": {"count": 2, "per": "dag"}, "dagdelen": ["ochtend"], "hours": "3.5", "start": "2026-11-26", "urgency": "spoed", "funding": null, "referrer": null, "expertise": null, "preferred": null, "wish": null, "note": "verzonnen"}','claimed','@carla:x','2026-11-23 09:10:00.000000','2026-11-23 09:10:00.000000',NULL,'@lead:x','2026-11-23 10:10:00.000000',NULL,NULL,NULL,0,1);
CREATE INDEX ix_journal_at ON journal (at);
CREATE INDEX ix_journal_zorgvraag_id ON journal (zorgvraag_id);
CREATE INDEX ix_seen_at ON seen (at);
CREATE INDEX ix_teams_region_id ON teams (region_id);
CREATE INDEX ix_zorgvragen_claimed_by_state ON zorgvragen (claimed_by, state);
CREATE INDEX ix_zorgvragen_region_id_state ON zorgvragen (region_id, state);
CREATE INDEX ix_zorgvragen_state_due_at ON zorgvragen (state, due_at);
CREATE INDEX ix_members_region_id ON members (region_id);
CREATE INDEX ix_outbox_batch ON outbox (batch);
CREATE INDEX ix_outbox_event_id ON outbox (event_id);
CREATE INDEX ix_outbox_zorgvraag_id_kind ON outbox (zorgvraag_id, kind);
CREATE INDEX ix_outbox_priority ON outbox (priority) WHERE done_at IS NULL;
CREATE INDEX ix_outbox_audience_address_priority ON outbox (audience, address, priority) WHERE done_at IS NULL;
CREATE INDEX ix_outbox_audience_address_merge_key ON outbox (audience, address, merge_key) WHERE done_at IS NULL;
CREATE INDEX ix_rounds_at ON rounds (at);
COMMIT;
