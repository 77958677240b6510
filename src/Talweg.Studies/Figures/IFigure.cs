namespace Talweg.Studies.Figures;

/// <summary>A figure of a report.</summary>
public interface IFigure
{
    /// <summary>The name of its files, without extension: "fig-2d-variance-flatness".</summary>
    string Name { get; }

    /// <summary>What it shows and what one should see in it, in one or two sentences.</summary>
    string Caption { get; }

    /// <summary>Writes NAME.svg and NAME.png into an existing folder.</summary>
    void Save(string folder);
}
