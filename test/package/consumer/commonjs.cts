import jobs = require("marketplace-jobs");
import contract = require("marketplace-jobs/contract");
import migrations = require("marketplace-jobs/migrations");

export const names: string[] = Object.keys(migrations.migrations);
export const entries: object[] = [jobs, contract];
