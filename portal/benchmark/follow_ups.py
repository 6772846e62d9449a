"""What hangs on the concerns: made from them by the database itself, a statement for a table.

Chance is a hash of the row's number (of 1024), so the same concerns always get the same rest.
"""

CONTACTS = """
INSERT INTO people_contact (
    id, agency_id, kind, binding, ciphertext, lookup, language, is_confirmed, created_on)
SELECT %(base)s + concern.id, concern.agency_id, 'email', md5('contact' || concern.id)::uuid,
    sha256(('address' || concern.id)::bytea), sha256(('look-up' || concern.id)::bytea),
    concern.language, false, concern.received_on
FROM concerns_concern AS concern WHERE concern.level <> 'anonymous' ORDER BY concern.id"""

REPORTERS = """
INSERT INTO concerns_reporter (agency_id, concern_id, contact_id, account_link)
SELECT concern.agency_id, concern.id,
    CASE WHEN concern.level <> 'anonymous' THEN %(base)s + concern.id END,
    CASE WHEN concern.level = 'signed_in'
        THEN sha256(('account' || (hashint8extended(concern.id, 1) & 4095))::bytea) END
FROM concerns_concern AS concern ORDER BY concern.id"""

STATUS_CHANGES = """
INSERT INTO concerns_statuschange (agency_id, concern_id, state, outcome, at, by_party, by_user_id)
SELECT concern.agency_id, concern.id, step.state, step.outcome, step.at, step.by_party,
    CASE WHEN step.by_party = 'staff' THEN concern.owner_id END
FROM concerns_concern AS concern CROSS JOIN LATERAL (VALUES
    (1, 'received', '', concern.received_at, 'reporter', true),
    (2, 'accepted', '', LEAST(concern.received_at + interval '20 hours', %(now)s), 'staff',
        concern.state <> 'received' AND concern.outcome <> 'withdrawn'),
    (3, 'working', '', LEAST(concern.received_at + interval '30 hours', %(now)s), 'staff',
        concern.state IN ('working', 'waiting', 'resolved')
        OR concern.state = 'closed' AND (hashint8extended(concern.id, 2) & 1023) < 614),
    (4, 'waiting', '', LEAST(concern.received_at + interval '40 hours', %(now)s), 'staff',
        concern.state = 'waiting'),
    (5, 'resolved', concern.outcome, concern.resolved_at, 'staff',
        concern.resolved_at IS NOT NULL),
    (6, 'closed', concern.outcome, concern.closed_at, 'clock', concern.closed_at IS NOT NULL)
) AS step (number, state, outcome, at, by_party, is_taken)
WHERE step.is_taken ORDER BY concern.id, step.number"""

REPLIES = """
INSERT INTO concerns_reply (agency_id, concern_id, direction, is_question, text, at, by_user_id)
SELECT concern.agency_id, concern.id, step.direction, step.is_question,
    LEFT(concern.text, 200), step.at,
    CASE WHEN step.direction = 'to_reporter' THEN concern.owner_id END
FROM concerns_concern AS concern CROSS JOIN LATERAL (VALUES
    (1, 'to_reporter', true, LEAST(concern.received_at + interval '40 hours', %(now)s),
        concern.state = 'waiting' OR (hashint8extended(concern.id, 3) & 1023) < 204),
    (2, 'from_reporter', false, LEAST(concern.received_at + interval '60 hours', %(now)s),
        concern.state <> 'waiting' AND (hashint8extended(concern.id, 3) & 1023) < 153),
    (3, 'to_reporter', false, concern.resolved_at, concern.resolved_at IS NOT NULL)
) AS step (number, direction, is_question, at, is_said)
WHERE step.is_said AND concern.state <> 'received' ORDER BY concern.id, step.number"""

NOTES = """
INSERT INTO concerns_note (agency_id, concern_id, text, at, by_user_id)
SELECT concern.agency_id, concern.id, LEFT(concern.text, 120),
    LEAST(concern.received_at + interval '20 hours', %(now)s), concern.owner_id
FROM concerns_concern AS concern
WHERE concern.owner_id IS NOT NULL AND (hashint8extended(concern.id, 4) & 1023) < 256
ORDER BY concern.id"""

# What triggers keep, which rest while this is written; in one look at each concern.
KEPT = """
UPDATE concerns_concern AS concern SET
    last_message = COALESCE(said.newest, 0),
    unanswered_since = CASE
        WHEN said.direction = 'from_reporter'
            AND concern.state IN ('received', 'accepted', 'working', 'waiting')
        THEN said.at::date END,
    note_words = note_words(COALESCE(noted.words, ''))
FROM concerns_concern AS same
LEFT JOIN (
    SELECT DISTINCT ON (concern_id) concern_id, id AS newest, direction, at
    FROM concerns_reply ORDER BY concern_id, id DESC
) AS said ON said.concern_id = same.id
LEFT JOIN (
    SELECT concern_id, string_agg(text, ' ' ORDER BY id DESC) AS words
    FROM concerns_note GROUP BY concern_id
) AS noted ON noted.concern_id = same.id
WHERE concern.id = same.id AND (said.newest IS NOT NULL OR noted.words IS NOT NULL)"""

LEXEMES = """
INSERT INTO concerns_lexeme (agency_id, word)
SELECT DISTINCT concern.agency_id, held.lexeme
FROM concerns_concern AS concern, unnest(concern.search) AS held
WHERE 'A' = ANY (held.weights) AND held.lexeme ~ '^[[:alpha:]]{4,40}$'
ON CONFLICT DO NOTHING"""

UPDATES = """
INSERT INTO published_publicupdate (agency_id, public_concern_id, published_on, text)
SELECT public.agency_id, public.id, COALESCE(public.resolved_on, public.published_on),
    public.summary
FROM published_publicconcern AS public
WHERE (hashint8extended(public.id, 5) & 1023) < 409 ORDER BY public.id"""

MESSAGES = """
INSERT INTO outbox_message (
    id, kind, contact_id, agency_id, subject_type, subject_reference, event, state, is_coarse,
    due_at, position, attempts, finished_at, last_code)
SELECT md5(step.kind || concern.id)::uuid, step.kind, %(base)s + concern.id, concern.agency_id,
    'concern', concern.staff_reference, step.event, 'sent', false, step.at, 1, 1, step.at, '250'
FROM concerns_concern AS concern CROSS JOIN LATERAL (VALUES
    (1, 'concerns.received', 'received', concern.received_at),
    (2, 'concerns.resolved', 'resolved', concern.resolved_at)
) AS step (number, kind, event, at)
WHERE concern.level <> 'anonymous' AND step.at IS NOT NULL ORDER BY concern.id, step.number"""

STATEMENTS = {
    "contacts": CONTACTS,
    "reporters": REPORTERS,
    "status changes": STATUS_CHANGES,
    "replies": REPLIES,
    "notes": NOTES,
    "concerns with messages and notes": KEPT,
    "words": LEXEMES,
    "public updates": UPDATES,
    "messages": MESSAGES,
}
