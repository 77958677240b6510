using Talweg.Conventions;

namespace Talweg.Studies.Tests;

/// <summary>Studies stand beside each other: what several need lies in a folder that is no study's, and the folders that all share know none.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Shared = ["Findings", "Figures", "Reports", "Running"];

    /// <summary>The control's SGD is held to the main study's own estimator of ψ.</summary>
    private const string Lent = "Talweg.Studies.EinsteinRelation.MeasuredControl uses Talweg.Studies.InverseVarianceFlatness.Estimators";

    [Fact]
    public void No_study_uses_another()
    {
        string[] violations =
        [
            .. from type in typeof(StudyCatalogue).Assembly.GetTypes()
               from used in TypeUses.Of(type)
               where used.Assembly == type.Assembly && Folder(type) is { } own && Folder(used) is { } other && own != other && !Shared.Contains(other)
               select $"{type.FullName} uses {used.FullName}",
        ];
        Assert.Equal([Lent], violations.Distinct());
    }

    [Fact]
    public void Every_study_of_the_catalogue_has_a_folder_of_its_own()
    {
        string?[] folders = [.. StudyCatalogue.Standard.Studies.Select(study => Folder(study.GetType()))];
        Assert.Equal(folders.Length, folders.Distinct().Count());
        Assert.DoesNotContain(folders, folder => folder is null || Shared.Contains(folder));
    }

    /// <summary>Null: the root, where the catalogue of all studies is.</summary>
    private static string? Folder(Type type) => type.Namespace?.Split('.') is ["Talweg", "Studies", var folder, ..] ? folder : null;
}
