"""Names told apart by generation, read beyond accents, and compared with all that go together in a group."""

from alembic import op

revision = "0010"
down_revision = "0009"

# Letters that no accent was put on, and the German way to write an umlaut without one, are read as what they are
# written instead of. A word that names the generation stands last; "Sr" before a name is a title. PL/pgSQL keeps its
# plans, and leaves early: files have many groups.
NAME_WORDS = r"""
create or replace function name_words(name text) returns text[] language plpgsql immutable parallel safe as $$
declare
    plain text := lower(normalize(coalesce(name, ''), NFKD));
begin
    if plain ~ '[^\x01-\x7f]' then
        plain := translate(regexp_replace(plain, '[\u0300-\u036f]', '', 'g'), 'łøđðħı', 'loddhi');
        plain := replace(replace(replace(replace(plain, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
    end if;
    plain := regexp_replace(plain, '\m(da|de|do|das|dos|e|del|la|las|los|y|di|du|des|le|van|von|der|den|und|mr|mrs|ms'
        || '|dr|dra|sra)\M|^[^[:alnum:]]*sr\M|\msr\M(?=.*[[:alnum:]])', ' ', 'g');
    plain := regexp_replace(regexp_replace(plain, '\m(junior|filho)\M', 'jr', 'g'), '\msenior\M', 'sr', 'g');
    return array_remove(regexp_split_to_array(regexp_replace(plain, '([aou])e', '\1', 'g'), '[^[:alnum:]]+'), '');
end $$;

create function name_generation(words text[]) returns text language sql immutable parallel safe as $$
    select case when cardinality(words) > 1
        and words[cardinality(words)] in ('jr', 'sr', 'neto', 'sobrinho', 'ii', 'iii', 'iv')
        then words[cardinality(words)] end
$$;

create or replace function words_within(shorter text[], longer text[]) returns boolean
language plpgsql immutable parallel safe as $$
declare
    word text;
begin
    if shorter <@ longer then
        return true;
    end if;
    foreach word in array shorter loop
        if word <> all(longer) and not exists (select 1 from unnest(longer) l
                where (length(word) = 1 and starts_with(l, word)) or (length(l) = 1 and starts_with(word, l))) then
            return false;
        end if;
    end loop;
    return true;
end $$;
"""

# A father and his son often share a phone, and but for one word their name: two generations are two people, and so
# are a full name with such a word and one without it.
NAMES_DIFFER = """
create or replace function names_differ(one text, other text) returns boolean
language plpgsql immutable parallel safe as $$
declare
    a text[] := name_words(one);
    b text[] := name_words(other);
    of_a text := name_generation(a);
    of_b text := name_generation(b);
    bare_a text[] := case when of_a is null then a else trim_array(a, 1) end;
    bare_b text[] := case when of_b is null then b else trim_array(b, 1) end;
begin
    if cardinality(a) = 0 or cardinality(b) = 0 then
        return false;
    elsif of_a <> of_b then
        return true;
    elsif of_a is distinct from of_b and cardinality(bare_a) > 1 and cardinality(bare_b) > 1
            and coalesce(of_a, of_b) <> all(case when of_a is null then a else b end) then
        return true;
    elsif cardinality(bare_a) < cardinality(bare_b) then
        return not words_within(bare_a, bare_b);
    elsif cardinality(bare_a) > cardinality(bare_b) then
        return not words_within(bare_b, bare_a);
    end if;
    return not words_within(bare_a, bare_b) and not words_within(bare_b, bare_a);
end $$;
"""

# The names of a group's first person: each goes with all of those before it.
OWN_NAMES = """
create function with_own_name(names text[], name text) returns text[] language sql immutable parallel safe as $$
    select case when name is null or lower(name) = any(lower(names::text)::text[])
        or exists (select 1 from unnest(names) own where names_differ(name, own)) then names else names || name end
$$;
create aggregate own_names(text) (sfunc = with_own_name, stype = text[], initcond = '{}');
"""


def upgrade() -> None:
    # Straight to the driver: SQLAlchemy would read colons and % as parameters.
    run = op.get_bind().connection.driver_connection.execute  # type: ignore[union-attr]
    for script in (NAME_WORDS, NAMES_DIFFER, OWN_NAMES):
        run(script)
