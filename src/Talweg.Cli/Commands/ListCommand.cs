using System.CommandLine;
using System.Globalization;
using Talweg.Cli.Rendering;
using Talweg.Networks;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg list</c>: the studies. <c>talweg list networks</c>: the networks that have names.</summary>
internal static class ListCommand
{
    public static Command Of(Session session)
    {
        var command = new Command("list", "The studies that can be run") { Networks(session) };
        command.SetAction(_ =>
        {
            var studies = session.Studies().Studies;
            if (studies.Count == 0)
            {
                session.Terminal.Out.WriteLine("No study is registered.");
                return ExitCode.Success;
            }

            var table = Tables.OfWords("study", "what it finds out", "claims", "source");
            foreach (var study in studies)
                table.Add(study.Name, study.Title, string.Join(", ", study.Claims), $"{study.Source.Authors}, {study.Source.Reference}");
            session.Terminal.Console.Write(table);
            session.Terminal.Console.Line("`talweg show STUDY` tells more; `talweg run STUDY` runs its first preset.");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Networks(Session session)
    {
        var command = new Command("networks", "The networks that have names, for --network");
        command.SetAction(_ =>
        {
            var table = Tables.OfWords("network", "images", "classes", "weight layers", "weights");
            foreach (string name in NetworkCatalogue.Names)
            {
                var network = (LayeredNetwork)Network.Parse(name);
                table.Add(name, $"{network.Input}", $"{network.Outputs}", $"{network.Layers}", network.Tensors.Where(tensor => tensor.IsTrained).Sum(tensor => tensor.Length).ToString("N0", CultureInfo.InvariantCulture));
            }

            session.Terminal.Console.Write(table);
            session.Terminal.Console.Line("Further fc:784-50-50-10 with any widths, net:1x28x28/conv16k3p1/relu/pool2/dense10 with any layers, resnet50:32 for images of");
            session.Terminal.Console.Line("32 × 32 (any size from 32 to 512; ,classes=N), and torchscript:FILE with --trust-model.");
            return ExitCode.Success;
        });
        return command;
    }
}
