using System.Globalization;

namespace RiskEngine.Storage.Sqlite.Migrations;

/// <summary>One numbered step of the schema; the steps lie beside this file as <c>NNNN-name.sql</c>.</summary>
internal sealed record Migration(int Number, string Sql)
{
    /// <summary>Gets every step in order; the number of the last is the schema's version.</summary>
    public static IReadOnlyList<Migration> All { get; } = Read();

    public static int Latest => All[^1].Number;

    /// <summary>Runs the steps after the file's version, all or none.</summary>
    public static void Run(SqliteDatabase database)
    {
        var version = database.Number("PRAGMA user_version");
        if (version == Latest) return;
        if (version > Latest) throw new InvalidOperationException($"The schema is {version}; this build knows {Latest} and does not go back.");
        database.Execute("BEGIN IMMEDIATE");
        foreach (var step in All.Where(step => step.Number > version)) database.Execute(step.Sql);
        database.Execute($"PRAGMA user_version = {Latest}; COMMIT");
    }

    private static Migration[] Read()
    {
        var assembly = typeof(Migration).Assembly;
        var prefix = typeof(Migration).Namespace + ".";
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new Migration(int.Parse(name.AsSpan(prefix.Length, 4), NumberStyles.None, CultureInfo.InvariantCulture), Text(name))),
        ];

        string Text(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
