Console.WriteLine(new Talweg.InputException("a").GetType().Assembly.Location);
