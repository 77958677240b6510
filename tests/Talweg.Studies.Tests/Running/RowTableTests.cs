using Talweg.Storage;
using Talweg.Studies.Running;

namespace Talweg.Studies.Tests.Running;

public sealed class RowTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_come_back_as_they_were_written()
    {
        Row[] rows = [
            new() { Rank = 1, Iteration = 1L << 40, MeanVelocity = -0.1, Flatness = null, Name = "a" },
            new() { Rank = 2, Iteration = 0, MeanVelocity = double.NaN, Flatness = 1e-300, Name = "" },
        ];
        RowTable.Write(_folder.File("rows.parquet"), rows);
        Assert.Equal(rows, RowTable.Read<Row>(_folder.File("rows.parquet")));
        var table = ParquetTable.Read(_folder.File("rows.parquet"));
        Assert.Equal(["rank", "iteration", "mean_velocity", "flatness", "name"], table.Columns.Select(column => column.Name));
    }

    [Fact]
    public void A_table_without_rows_has_its_columns()
    {
        RowTable.Write<Row>(_folder.File("rows.parquet"), []);
        Assert.Empty(RowTable.Read<Row>(_folder.File("rows.parquet")));
        Assert.Equal(5, ParquetTable.Read(_folder.File("rows.parquet")).Columns.Count);
    }

    [Fact]
    public void A_column_that_is_missing_is_named()
    {
        ParquetTable.Write(_folder.File("rows.parquet"), [new("rank", new[] { 1 })]);
        Assert.Contains("one named 'iteration'", Assert.Throws<InputException>(() => RowTable.Read<Row>(_folder.File("rows.parquet"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_that_no_column_can_hold_is_refused() =>
        Assert.Contains("property When is a DateTime", Assert.Throws<ArgumentException>(() => RowTable.Write<Unfit>(_folder.File("rows.parquet"), [])).Message, StringComparison.Ordinal);

    private sealed record Row
    {
        public required int Rank { get; init; }

        public required long Iteration { get; init; }

        public required double MeanVelocity { get; init; }

        public required double? Flatness { get; init; }

        public required string Name { get; init; }
    }

    private sealed record Unfit
    {
        public DateTime When { get; init; }
    }
}
