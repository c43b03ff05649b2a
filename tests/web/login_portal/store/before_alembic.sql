BEGIN TRANSACTION;
CREATE TABLE answers (
	device VARCHAR NOT NULL, 
	count INTEGER NOT NULL, 
	digest VARCHAR NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (device, count)
);
CREATE TABLE assertions (
	device VARCHAR NOT NULL, 
	jti VARCHAR NOT NULL, 
	expires FLOAT NOT NULL, 
	PRIMARY KEY (device, jti)
);
CREATE TABLE attempts (
	"key" VARCHAR NOT NULL, 
	fails INTEGER NOT NULL, 
	until FLOAT NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE letters (
	cursor INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	device VARCHAR NOT NULL, 
	request VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	expires FLOAT NOT NULL, 
	open BOOLEAN NOT NULL
);
INSERT INTO "letters" VALUES(1,'d1','r1','login','x',9000000000.0,1);
CREATE TABLE locks (
	account VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	since FLOAT NOT NULL, 
	source VARCHAR NOT NULL, 
	note VARCHAR NOT NULL, 
	request VARCHAR NOT NULL, 
	reported FLOAT, 
	PRIMARY KEY (account)
);
CREATE TABLE misses (
	id INTEGER NOT NULL, 
	account VARCHAR NOT NULL, 
	strike VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	recipient VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE people (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	display VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	password VARCHAR NOT NULL, 
	"match" VARCHAR NOT NULL, 
	made FLOAT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "people" VALUES('p1','jan','Jan de Vries','+31612345678','x','press',1.0);
CREATE TABLE quiet (
	person VARCHAR NOT NULL, 
	until FLOAT NOT NULL, 
	PRIMARY KEY (person)
);
CREATE TABLE requests (
	id VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	service VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	"match" VARCHAR NOT NULL, 
	number VARCHAR NOT NULL, 
	issued FLOAT NOT NULL, 
	expires FLOAT NOT NULL, 
	outcome VARCHAR, 
	ended FLOAT, 
	asks VARCHAR DEFAULT 'login' NOT NULL, 
	note VARCHAR DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE sessions (
	id VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	level VARCHAR NOT NULL, 
	how VARCHAR NOT NULL, 
	request VARCHAR NOT NULL, 
	ticket VARCHAR NOT NULL, 
	made FLOAT NOT NULL, 
	seen FLOAT NOT NULL, 
	account VARCHAR DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE tickets (
	id VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	secret BLOB NOT NULL, 
	language VARCHAR NOT NULL, 
	expires FLOAT NOT NULL, 
	stage VARCHAR NOT NULL, 
	tries_left INTEGER NOT NULL, 
	sent_to VARCHAR NOT NULL, 
	card VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	device VARCHAR NOT NULL, 
	grant VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE tokens (
	id VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	sign_key VARCHAR NOT NULL, 
	serial VARCHAR NOT NULL, 
	software VARCHAR NOT NULL, 
	storage VARCHAR NOT NULL, 
	seed BLOB NOT NULL, 
	last_step INTEGER NOT NULL, 
	made FLOAT NOT NULL, 
	revoked FLOAT, 
	told FLOAT, 
	PRIMARY KEY (id)
);
CREATE INDEX ix_locks_source ON locks (source);
CREATE INDEX ix_misses_account ON misses (account);
CREATE INDEX ix_tickets_person ON tickets (person);
CREATE INDEX ix_tokens_person ON tokens (person);
CREATE INDEX ix_requests_person ON requests (person);
CREATE INDEX ix_requests_outcome ON requests (outcome);
CREATE INDEX ix_letters_request ON letters (request);
CREATE INDEX ix_letters_device ON letters (device);
CREATE INDEX ix_assertions_expires ON assertions (expires);
CREATE INDEX ix_sessions_person ON sessions (person);
COMMIT;
