-- Run once by the database image, when its volume is empty: a login for the portal that is no
-- superuser and owns one database. `manage.py migrate` makes the two limited roles itself.
\set password `cat /run/secrets/database_password`
CREATE ROLE portal LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE portal OWNER portal ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE portal FROM PUBLIC;
