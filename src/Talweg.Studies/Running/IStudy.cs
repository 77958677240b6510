namespace Talweg.Studies.Running;

/// <summary>A recipe for a group of claims. Write one by implementing <see cref="IStudy{TCell}"/>.</summary>
public interface IStudy
{
    /// <summary>The name given to <c>talweg run</c>.</summary>
    string Name { get; }

    /// <summary>What it finds out, in one line.</summary>
    string Title { get; }

    /// <summary>Where its claims were published.</summary>
    Source Source { get; }

    /// <summary>Raised whenever the same cells would give other results.</summary>
    int Revision { get; }

    /// <summary>The ids of the claims that it tests.</summary>
    IReadOnlyList<string> Claims { get; }

    /// <summary>What may be set.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Named settings; the first is the default.</summary>
    IReadOnlyList<Preset> Presets { get; }

    /// <summary>Finds the data.</summary>
    StudyData Data(Parameters parameters, DataContext context);

    /// <summary>More cells than anybody runs. Parameters may ask for any number.</summary>
    internal const int MostCells = 100_000;

    /// <summary>The cells, in order, as the runner sees them; one more than <see cref="MostCells"/> where there are more.</summary>
    internal IReadOnlyList<ICell> Plan(Parameters parameters);

    /// <summary>Measures one of the planned cells.</summary>
    internal CellEnding Run(ICell cell, CellContext context);

    /// <summary>Concludes from all cells.</summary>
    internal Conclusion ConcludeFrom(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<ICell>> cells);
}

/// <summary>A study whose cells are records of type <typeparamref name="TCell"/>.</summary>
/// <typeparam name="TCell">An immutable record that System.Text.Json can write: its JSON is the cell's identity.</typeparam>
public interface IStudy<TCell> : IStudy
    where TCell : class, ICell
{
    /// <summary>The independent pieces of work; the same parameters give the same cells in the same order.</summary>
    IEnumerable<TCell> Cells(Parameters parameters);

    /// <summary>
    /// Does one piece and writes its results, files, into the cell's folder: a pure function of the cell, resumable from that folder. A cell killed after
    /// its last result and before its end was recorded is measured once more, and must return the same ending.
    /// </summary>
    /// <returns>How it ended; a cell that diverged returns <see cref="CellEnding.Failed"/> and the others go on.</returns>
    CellEnding Measure(TCell cell, CellContext context);

    /// <summary>Fits, compares and draws. Cells that failed are among <paramref name="cells"/>.</summary>
    Conclusion Conclude(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<TCell>> cells);

    IReadOnlyList<ICell> IStudy.Plan(Parameters parameters) => [.. Cells(parameters).Take(MostCells + 1)];

    CellEnding IStudy.Run(ICell cell, CellContext context) => Measure((TCell)cell, context);

    Conclusion IStudy.ConcludeFrom(Parameters parameters, StudyData data, IReadOnlyList<FinishedCell<ICell>> cells) =>
        Conclude(parameters, data, [.. cells.Select(c => new FinishedCell<TCell>((TCell)c.Cell, c.Folder, c.Ending))]);
}
