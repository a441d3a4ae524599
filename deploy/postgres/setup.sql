-- Once, as an administrator of PostgreSQL 15 or later: psql --set=password=… --file=setup.sql
CREATE ROLE ainexlayer LOGIN PASSWORD :'password';
-- The functions set nothing in a session, so that every pooler can serve them. Limits belong to the role.
ALTER ROLE ainexlayer SET statement_timeout = '60s';
ALTER ROLE ainexlayer SET lock_timeout = '10s';
ALTER ROLE ainexlayer SET idle_in_transaction_session_timeout = '60s';
CREATE DATABASE ainexlayer OWNER ainexlayer ENCODING 'UTF8' TEMPLATE template0;
