using Talweg.Studies;
using Talweg.Studies.Findings;
using Talweg.Studies.InverseVarianceFlatness;
using Talweg.Studies.Reports;
using Talweg.Studies.Running;

namespace Talweg.Reliability.Tests.Fuzzing.Readers;

/// <summary>What a run's folder holds: records, results, findings, and tables forged to fit their seals.</summary>
internal static class RunFolderReaders
{
    private static readonly InverseVarianceFlatnessStudy Study = new();

    public static IEnumerable<FuzzReader> All() =>
    [
        new("study.json", [SmallRun.File("study.json")], ReadRun) { Finish = Seals.Json, Share = 0.7 },
        new("done.json", [SmallRun.File("done.json")], ReadCell) { Finish = Seals.Json, Share = 0.7 },
        new("findings.json", [SmallRun.File("findings.json")], (bytes, folder) => FindingsFile.ToJson(FindingsFile.Read(FuzzFile.Write(folder, "findings.json", bytes)))) { Finish = Seals.Json, Share = 0.7 },
        new("result.json", [SmallRun.File("result.json")], ReadResult) { Finish = Seals.Json },
        Forged("mode-tables", "window-2-modes.parquet", path => ModeTable.Read(path)),
        Forged("null-tables", "nulls.parquet", path => NullTable.Read(path)),
        Forged("profile-tables", "profiles.parquet", path => ProfileTable.Read(path)),
    ];

    /// <summary>As <c>talweg report</c> reads it, and puts it on a page.</summary>
    private static void ReadRun(byte[] bytes, string folder)
    {
        FuzzFile.Write(folder, "study.json", bytes);
        var record = RunRecord.Read(folder)!;
        if (!StudyCatalogue.Standard.Studies.Any(study => study.Name == record.Study))
            throw new InputException("study.json", "study", record.Study, "a study");
        var parameters = Parameters.Resolve(Study, record.Preset, [.. record.Parameters.Select(p => $"{p.Key}={Parameters.AsText(p.Value)}")]);
        foreach (var cell in Study.Cells(parameters).Take(10))
            PlannedCell.Of(Study, record.Data, cell);
        Page(record, []);
    }

    private static void ReadCell(byte[] bytes, string folder)
    {
        FuzzFile.Write(folder, "done.json", bytes);
        var cell = CellRecord.Read(folder)!;
        Page(Run.Value, [cell]);
    }

    private static void ReadResult(byte[] bytes, string folder)
    {
        var result = CellResult.Read(FuzzFile.Write(folder, "result.json", bytes));
        FuzzFile.Require(result.Epochs.All(epoch => epoch is not null) && result.Drift is not null, "what is required is missing");
        FuzzFile.Require(result.Windows.All(window => window.DriftMode.BetaOfTenths is not null), "what is required is missing");
    }

    private static FuzzReader Forged(string name, string file, Action<string> read) =>
        new(name, [SmallRun.File(file)], (bytes, folder) => read(FuzzFile.Write(folder, file, bytes))) { Finish = TableReaders.Sealed, Share = 0.5, Memory = 64L << 20 };

    private static Lazy<RunRecord> Run { get; } = new(() =>
    {
        using var folders = new FuzzFolders();
        string folder = folders.New("record");
        FuzzFile.Write(folder, "study.json", SmallRun.File("study.json"));
        return RunRecord.Read(folder)!;
    });

    private static void Page(RunRecord record, IReadOnlyList<CellRecord> cells) => HtmlReport.Render(new()
    {
        Record = record,
        Cells = cells,
        Conclusion = new() { Findings = [] },
        Parameters = Study.Parameters,
        FiguresFolder = Path.GetTempPath(),
    });
}
