-- What a change takes back stood in its plan alone; the column is written with the change from now on.
UPDATE "change" SET "reverts" = substring("plan" #>> '{goesBack,reverts}' FROM '[0-9]+')::int
  WHERE "reverts" IS NULL AND "plan" #>> '{goesBack,reverts}' IS NOT NULL;
