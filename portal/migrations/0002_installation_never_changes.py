from django.db import migrations

REFUSE = """
CREATE FUNCTION portal_installation_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an installation never changes its kind; begin with a new database';
END $$;
CREATE TRIGGER portal_installation_never_changes
    BEFORE UPDATE OR DELETE OR TRUNCATE ON portal_installation
    FOR EACH STATEMENT EXECUTE FUNCTION portal_installation_refuses_change();
"""
ALLOW = """
DROP TRIGGER portal_installation_never_changes ON portal_installation;
DROP FUNCTION portal_installation_refuses_change();
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
